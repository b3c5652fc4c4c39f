"""What all pages share: layout, style, the page that says why not."""

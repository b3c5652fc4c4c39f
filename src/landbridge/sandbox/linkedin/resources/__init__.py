"""One module per resource: its routes (methods), which call the rules and change the state."""

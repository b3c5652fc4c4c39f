"""What is shared with LinkedIn: field by field, what each choice affects, and the consent with its receipt."""

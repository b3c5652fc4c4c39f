"""Moving from Cross-System Awareness: what stays, what changes, the keys, and the steps that are left."""

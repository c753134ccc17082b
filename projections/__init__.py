"""What people read: one module a question."""

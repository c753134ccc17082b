"""The rules: values and pure functions. Imports the standard library and pydantic only."""

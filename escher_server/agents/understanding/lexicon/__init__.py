"""The words the grammar knows, as data: one module a part of speech."""

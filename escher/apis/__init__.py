"""The operations of the clouds as data: their names, parameters and effects, without any SDK."""

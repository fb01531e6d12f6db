"""The demo's AWS: moto, seeded, with what it lacks served in front of it."""

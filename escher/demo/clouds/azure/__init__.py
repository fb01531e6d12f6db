"""Azure's control plane as a demo: ARM, Resource Graph, the activity log and RBAC over a seeded, stateful estate."""

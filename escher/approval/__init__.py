"""Approval: what may be consented to, by whom, and what that consent is bound to."""

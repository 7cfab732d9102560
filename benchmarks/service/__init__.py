"""The service under load, beside the same model behind the plainest handler."""

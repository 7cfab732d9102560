"""The libraries that Inkling is compared with: PyTorch and scikit-learn, given the same networks and tasks."""

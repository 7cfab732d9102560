"""What happens to files of strangers."""

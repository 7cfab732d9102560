"""Time and memory: training, inference, single layers, and whole processes."""

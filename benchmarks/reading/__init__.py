"""Reading: pictures of handwriting instead of images of 28×28 pixels."""

"""Solutions of the exercises, a file each. Without the bodies of its functions, it is the file to fill in."""

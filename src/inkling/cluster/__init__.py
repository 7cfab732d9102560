"""Work that outgrows one process or one machine: executors, and what is divided into tasks for them."""

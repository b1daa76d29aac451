"""What is made from the proto files besides their own code, into files that are committed: one module a product."""

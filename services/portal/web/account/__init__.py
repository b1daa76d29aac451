"""The way in and out, and what a person chooses for the pages."""

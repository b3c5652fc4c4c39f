"""The documented validations, pure: what a record must look like, nothing about who sends it or what is there."""

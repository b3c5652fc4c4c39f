"""The two faces of the engine: what an ATS must offer to be read, what a far side must offer to be written."""

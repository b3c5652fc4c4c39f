"""LinkedIn asks an ATS to send jobs again."""

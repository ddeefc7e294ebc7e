"""The preview of a form before a template is uploaded: its layout, its validation, and its results."""

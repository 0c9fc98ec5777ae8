"""The edition's email: what it says (`letter`), its HTML, its text, its message file, its feed, and the tags of mail services."""

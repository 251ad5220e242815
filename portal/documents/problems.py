"""Why a document could not be made; each message is a sentence for the user."""


class DocumentProblem(Exception):
    """The document was not made; ``str()`` says in Indonesian what to do about it."""


class FontError(DocumentProblem):
    """A font is missing, or cannot show a letter."""


class PictureGone(DocumentProblem):
    """A picture of the book is not in the store, or cannot be read."""


class RenderError(DocumentProblem):
    """A unit could not be set."""

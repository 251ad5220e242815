"""What a file says of itself: title and region, never a person, a NIP or a time."""

from __future__ import annotations

from xml.sax.saxutils import escape

from portal.documents.contents import text_string
from portal.documents.tree import Document

_PRODUCER = "Selaras, WeasyPrint"


def info(book: Document) -> bytes:
    """The document information dictionary."""
    entries = (
        (b"Title", book.title),
        (b"Author", book.author),
        (b"Subject", book.subject),
        (b"Creator", "Selaras"),
        (b"Producer", _PRODUCER),
    )
    inner = b"".join(b"/%s%s" % (key, text_string(value)) for key, value in entries if value)
    return b"<<%s>>" % inner


def xmp(book: Document) -> bytes:
    """The same as an XMP packet."""
    return _XMP.format(
        title=escape(book.title),
        author=escape(book.author),
        subject=escape(book.subject),
        language=escape(book.language),
        producer=_PRODUCER,
    ).encode()


_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:xmp="http://ns.adobe.com/xap/1.0/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<pdf:Producer>{producer}</pdf:Producer><xmp:CreatorTool>Selaras</xmp:CreatorTool>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>
"""

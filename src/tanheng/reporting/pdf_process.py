"""HTML from standard input to PDF on standard output: ``python -m tanheng.reporting.pdf_process``."""

import sys

__all__ = ["UNAVAILABLE", "main"]

UNAVAILABLE = 3


def main() -> int:
    """Convert; the exit code 3 says that Pango or another library of the system is missing."""
    try:
        import weasyprint
    except OSError as error:
        print(" ".join(str(error).split()), file=sys.stderr)
        return UNAVAILABLE
    # The page carries its pictures itself and may fetch nothing else, whatever a name in it says.
    fetcher = weasyprint.urls.URLFetcher(allowed_protocols=("data",))
    sys.stdout.buffer.write(
        weasyprint.HTML(file_obj=sys.stdin.buffer, encoding="utf-8", url_fetcher=fetcher).write_pdf()
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())

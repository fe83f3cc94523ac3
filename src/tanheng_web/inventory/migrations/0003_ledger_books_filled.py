"""Put the runs posted so far into books: a run belongs to the book of a run that it superseded."""

from django.db import migrations
from django.db.models import Q

BATCH = 2000


def fill(apps, schema_editor):
    runs = apps.get_model("inventory", "Run").objects.filter(status="done").order_by("finished_at", "pk")
    fields = ("pk", "organisation_id", "standard", "superseded_by_id", "created_by_id", "finished_at", "created_at")
    rows = list(runs.values(*fields))
    book_of, number_of = {}, {}
    for row in rows:
        _place(apps, row, rows, book_of, number_of)
    for row in rows:
        _stamp(apps, row, book_of, number_of)


def _place(apps, row, rows, book_of, number_of):
    """Give a run its book and number there; the other books it superseded are closed."""
    books = apps.get_model("inventory", "LedgerBook").objects
    older = [each["pk"] for each in rows if each["superseded_by_id"] == row["pk"] and each["pk"] in book_of]
    if older:
        book = book_of[older[0]]
    else:
        book = books.create(organisation_id=row["organisation_id"], standard=row["standard"])
    for other in {book_of[pk].pk for pk in older} - {book.pk}:
        books.filter(pk=other).update(run=None)
    book.postings_made += 1
    book.run_id = row["pk"]
    book.save()
    book_of[row["pk"]], number_of[row["pk"]] = book, book.postings_made
    entries = apps.get_model("inventory", "LedgerEntry").objects.filter(run=row["pk"]).count()
    apps.get_model("inventory", "LedgerPosting").objects.create(
        book=book,
        number=book.postings_made,
        run_id=row["pk"],
        reasons=["again"] if older else ["first"],
        added=entries,
        superseded=0,
        by_id=row["created_by_id"],
        posted_at=row["finished_at"] or row["created_at"],
    )


def _stamp(apps, row, book_of, number_of):
    """Every line of a run was posted with it and superseded with it: that is how it was done so far."""
    book, number, newer = book_of[row["pk"]], number_of[row["pk"]], row["superseded_by_id"]
    entries = apps.get_model("inventory", "LedgerEntry").objects.filter(run=row["pk"])
    entries.update(book=book, posted_no=number)
    if newer is None:
        return
    same = newer in book_of and book_of[newer].pk == book.pk
    over = number_of[newer] if same else number + 1
    entries.exclude(superseded_at=None).update(superseded_no=over, superseded_by_id=newer)


def empty(apps, schema_editor):
    apps.get_model("inventory", "LedgerEntry").objects.update(
        book=None, posted_no=1, superseded_no=None, superseded_by=None
    )
    apps.get_model("inventory", "LedgerPosting").objects.all().delete()
    apps.get_model("inventory", "LedgerBook").objects.all().delete()


def unfinished(apps, schema_editor):
    """Lines without a book would belong to a run that never finished; a run posts its lines and itself at once."""
    entries = apps.get_model("inventory", "LedgerEntry").objects
    loose = entries.filter(Q(book=None)).count()
    if loose:
        raise RuntimeError(f"{loose} ledger lines belong to no finished run")


class Migration(migrations.Migration):
    dependencies = [("inventory", "0002_ledger_books_recalculations_editions")]

    operations = [migrations.RunPython(fill, empty), migrations.RunPython(unfinished, migrations.RunPython.noop)]

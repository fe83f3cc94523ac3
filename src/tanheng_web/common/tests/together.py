"""Several people pressing a button in the same moment: real threads, each with its own connection."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

from django.db import connection
from django.test import Client

__all__ = ["at_once", "posts_at_once"]


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Begin all of them together; what each returned, or the exception it raised."""
    barrier, found = Barrier(len(acts)), [None] * len(acts)

    def one(place: int) -> None:
        try:
            connection.ensure_connection()
            barrier.wait(60)
            found[place] = acts[place]()
        except Exception as fault:  # noqa: BLE001 - the test looks at it
            found[place] = fault
        finally:
            connection.close()

    threads = [Thread(target=one, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return found


def posts_at_once(*asked: tuple[Any, str, dict]) -> list[int]:
    """Post forms together, each as (person, address, data): the statuses."""
    acts = []
    for person, address, data in asked:
        client = Client(raise_request_exception=False)
        client.force_login(person)
        client.get("/profile/")
        acts.append(lambda client=client, address=address, data=data: client.post(address, data).status_code)
    return at_once(*acts)

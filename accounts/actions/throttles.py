"""Operations on limits of attempts."""

from django.db.models import QuerySet

from accounts.actions.locking import require_staff
from accounts.audit import DELETION, record
from accounts.models import Throttle, User
from accounts.models.throttle import Kind
from config.transactions import lock, operation


@operation
def lift_limits(counters: QuerySet, actor: User, reason: str = "") -> int:
    """Delete `counters` (a queryset of Throttle), so that users need not wait, and return their number.

    Also deletes the counters of the names that were typed, which the list does not show.
    Raises as `require_staff` does.
    """
    require_staff(User.objects.lock([actor.pk]).get(actor.pk))
    number = 0
    for counter in lock(counters):
        record(actor, counter, DELETION, reason=reason)
        counter.delete()
        same = Throttle.objects.filter(username=counter.username, address=counter.address)
        same.filter(kind=Kind.LOGIN).delete()
        number += 1
    return number

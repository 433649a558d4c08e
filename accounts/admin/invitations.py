"""The admin of invitations."""

from django.contrib import admin
from django.utils.translation import gettext_lazy

from accounts.admin.base import AuditedAdmin
from accounts.models import Invitation
from accounts.text import LineField


@admin.register(Invitation)
class InvitationAdmin(AuditedAdmin):
    """Codes that approve teachers when they register."""

    list_display = ("code", "note", "uses", "max_uses", "expires_at", "created_by", "created_at")
    list_display_links = ("code", "note")
    list_select_related = ("created_by",)
    ordering = ("-created_at", "-pk")
    search_fields = ("code", "note")
    search_help_text = gettext_lazy("Code or note")
    fields = ("code", "note", "max_uses", "uses", "expires_at", "created_by", "created_at")
    readonly_fields = ("code", "uses", "created_by", "created_at")

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "note":
            kwargs["form_class"] = LineField
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_model(self, request, obj, form, change):
        if not change:
            obj.created_by = request.user
        super().save_model(request, obj, form, change)

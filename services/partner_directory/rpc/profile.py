"""What people tell of themselves, and the contacts of a table."""

from __future__ import annotations

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.methods import Served, command, query
from services.kit.shapes import Differences
from services.kit.writing import writer
from services.partner_directory.commands.profile.change_my_profile import ChangeMyProfile, change_my_profile
from services.partner_directory.contacts import ContactView
from services.partner_directory.queries.export_contacts import ExportContacts, export_contacts
from services.partner_directory.queries.read_contacts import ReadContacts, read_contacts
from services.partner_directory.queries.read_my_profile import ReadMyProfile, read_my_profile

CONTACT = writer(pb.Contact, ContactView, Differences(flat=("told",)))
CONTACTS = Differences(nested=(CONTACT,))

SERVED = Served(
    pb.DESCRIPTOR.services_by_name["ProfileService"],
    query(read_my_profile, ReadMyProfile, pb.Profile, Differences(flat=("told",))),
    command(change_my_profile, ChangeMyProfile),
    query(read_contacts, ReadContacts, pb.Contacts, CONTACTS),
    query(export_contacts, ExportContacts, pb.Contacts, CONTACTS),
)

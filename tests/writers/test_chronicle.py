"""The page of everything produced: every document linked, relative, and every text shown as text."""

from datetime import date

from model.agreement.terms import Contact
from model.documents.chronicle import Chronicle, Happening
from writers.reports.chronicle import render

DAY = date(2027, 1, 5)
MADE = Chronicle(
    carrier="Northwind <Health>",
    contact=Contact("Group Billing"),
    title="A story",
    subtitle="2027",
    partners=(("acme", "Acme & Sons"), ("broker", "A Broker")),
    happenings=(
        Happening(
            DAY, "acme", "834: <b>adds</b>", "APPLIED", ("outbox/acme/report-1.csv", "outbox/acme/report-1.pdf")
        ),
        Happening(DAY, "broker", "census", "PARTIAL", ('outbox/broker/a"b c.xlsx',)),
        Happening(date(2027, 1, 10), "acme", "invoice 7", "3 subscribers", ()),
    ),
)


def test_every_document_is_linked_and_the_forms_of_one_stand_together():
    page = render(MADE)
    text = page.data.decode()
    assert page.name == "index.html"
    assert (
        'report-1 <a href="outbox/acme/report-1.csv">csv</a> <a href="outbox/acme/report-1.pdf">pdf</a></td>'
        in text
    )
    assert 'href="outbox/broker/a%22b%20c.xlsx"' in text


def test_partners_and_days_in_their_order():
    text = render(MADE).data.decode()
    places = [
        text.index(words)
        for words in ("<h2>Acme &amp; Sons", "January 5, 2027", "January 10, 2027", "<h2>A Broker")
    ]
    assert places == sorted(places)
    assert "2 documents" in text
    assert "1 documents" not in text


def test_texts_are_shown_as_they_are():
    text = render(MADE).data.decode()
    assert "834: &lt;b&gt;adds&lt;/b&gt;" in text
    assert "<Health>" not in text

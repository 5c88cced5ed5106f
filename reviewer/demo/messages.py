"""mailer, queue support: answers to customers in several languages, posts, calendar notes."""

from __future__ import annotations

from random import Random

from .made import Json, Why, artifact, asked, note, read, said, soon, sure
from .people import anyone, given_name

_LETTERS: tuple[tuple[str, str, str, str, list[Why], str], ...] = (
    ("Where is my parcel?", "en",
     "Hello {name},\n\nyour parcel left our warehouse yesterday and is now in {city}. The carrier "
     "expects to deliver it tomorrow between 10 and 14.\n\nYou can follow it here:\n"
     "https://track.northwind.example/{number}\n\nKind regards\nNorthwind Support\n",
     "hi where is my stuff??", [("sampled", "one in twenty answers", "sample")], "low"),
    ("Rechnung mit falscher Adresse", "de",
     "Guten Tag {name},\n\nvielen Dank für Ihre Nachricht. Wir haben die Anschrift berichtigt und "
     "senden Ihnen die Rechnung Nr. {number} erneut zu. Größere Änderungen an der "
     "Umsatzsteuer-Identifikationsnummer müssen wir leider schriftlich anfordern.\n\nMit "
     "freundlichen Grüßen\nNorthwind\n",
     "Die Rechnung geht an die alte Straße. Bitte ändern!",
     [("tax_relevant", "an invoice that has been sent is changed", "policy")], "medium"),
    ("Réclamation : article manquant", "fr",
     "Bonjour {name},\n\nnous sommes désolés : l’article manquait en effet dans le colis "
     "nº {number}. Il part aujourd’hui même ; vous le recevrez sous 48 h.\n\nBien à vous,\n"
     "L’équipe Northwind\n",
     "Il manque une sacoche dans le colis.",
     [("commitment", "promises a delivery time to a customer", "policy")], "medium"),
    ("ログインできません", "ja",
     "{name}様\n\nお問い合わせありがとうございます。パスワード再設定用のリンクをお送りします（有効期限"
     "：30分）。\nhttps://id.northwind.example/reset/{number}\n\n今後ともよろしくお願いいたします。\n"
     "ノースウィンド サポート\n",
     "パスワードを忘れました。", [("language_unsure", "written in a language that the agent is "
     "rated B1 in", "agent", 0.58)], "medium"),
    ("Account closed by mistake", "en",
     "Dear {name},\n\nwe closed your account by mistake and have opened it again. As an apology "
     "we credit 50.00 to your next order.\n\nYour data was never deleted.\n\nNorthwind\n",
     "you closed my account!!! I will go to the press", [
         ("customer_angry", "threatens to go to the press"),
         ("money_promised", "a credit of 50.00 is promised", "policy"),
         ("unsupported_claim", "nothing in the context shows that no data was deleted", "policy")],
     "high"),
)  # fmt: skip


def answer(rng: Random, now: int) -> Json:
    """An e-mail to a customer, in reply to a ticket."""
    subject, language, body, asks, why, risk = rng.choice(_LETTERS)
    person, number = anyone(rng), rng.randrange(100_000, 999_999)
    text = body.format(name=given_name(person), city=person.city, number=number)
    ticket = rng.randrange(5_000, 5_999)
    write: Json = {"type": "message", "system": "mail", "resource": f"ticket/{number}",
                   "channel": "email", "to": [person.mail], "subject": f"Re: {subject}",
                   "body": text, "thread": f"<{number}@mail.northwind.example>"}  # fmt: skip
    if rng.random() < 0.5:
        rough = text.split("\n\n")[0] + "\n\n(draft: say something friendly)\n"
        write["before"] = {"to": [person.mail], "subject": f"Re: {subject}", "body": rough}
    if rng.random() < 0.25:
        write["cc"] = [f"{rng.choice(('legal', 'press', 'partner'))}@outside.example"]
        why = [*why, ("external_recipient", f"{write['cc'][0]} is no address of ours", "policy")]
    return artifact(
        rng, now, "mailer", "reply", f"Reply to ticket {ticket}: {subject}", number=number,
        writes=[write],
        context=[
            said("user", asks),
            *asked("find_customer", {"email": person.mail},
                   {"name": person.name, "city": person.city, "orders": rng.randrange(1, 30)}),
            read("Tone of voice", "Short sentences. No blame. Say what happens next. Never promise "
                 "money.", "https://wiki.northwind.example/tone"),
            said("thought", f"Customer writes {language}; answer in the same language."),
        ],
        why=why, risk=risk, due=soon(rng), confidence=sure(rng, 0.5),
        summary=f"Answers the question, in {language}.", on_behalf_of=f"customer:{number // 100}",
    )  # fmt: skip


def announce(rng: Random, now: int) -> Json:
    """A post to many: a chat channel and a newsletter at once."""
    number = rng.randrange(100, 999)
    people = rng.choice((1_204, 18_400, 72_310))
    body = (
        f"*Maintenance on Saturday, 02:00–04:00 UTC* (change {number})\n"
        "• Orders can be placed, payment is delayed\n• The app may ask you to sign in again\n"
        "Questions? Just answer here. 🛠️👩🏽‍💻\n"
    )
    draft = body.replace("02:00–04:00 UTC", "02:00–03:00 CET").replace(" 🛠️👩🏽‍💻", "")
    return artifact(
        rng, now, "mailer", "announcement", f"Announce maintenance {number}", number=number,
        writes=[
            {"type": "message", "system": "chat", "resource": f"channel/status-{number}",
             "channel": "slack", "to": ["#status", "#support"], "body": body,
             "before": {"to": ["#status"], "body": draft}},
            {"type": "message", "system": "mail", "resource": f"list/customers-{number}",
             "channel": "email", "to": ["all-customers@lists.northwind.example"],
             "bcc": ["archive@northwind.example"], "subject": "Short break on Saturday",
             "body": "Dear customer,\n\n" + body.replace("*", "") + "\nYour Northwind team\n"},
        ],
        context=[said("user", "announce sat maintenance"),
                 *asked("list_size", {"list": "all-customers"}, {"members": people}),
                 note("The draft said CET; the change calendar says UTC.")],
        why=[("wide_audience", f"{people:,} people get this", "policy"),
             ("conflicting_sources", "draft and calendar name different times")],
        risk="high", due=soon(rng), confidence=sure(rng, 0.7), on_behalf_of="team:platform",
        summary="Same text to chat and list; time corrected to UTC.",
    )  # fmt: skip

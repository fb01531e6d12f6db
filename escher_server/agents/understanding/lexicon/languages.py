"""Whether a text is English: by its letters, and by the small words that other languages cannot do without."""

from __future__ import annotations

import re
import unicodedata

from escher_server.agents.understanding.lexicon.phrases import words
from escher_server.agents.understanding.lexicon.verbs import CHANGES

# Small words and everyday verbs of other languages that are no English words; nothing here is a common name.
_FOREIGN = words(
    "bitte alles und nicht ist mit für das ein eine einen einem auf von zum zur welche welcher wie viele sind meine "
    "unsere stoppe stoppen starte starten lösche löschen beende beenden herunterfahren schalte zeige zeig mir kannst "
    "könntest du ich wir wurde warum läuft laufen por favor todas todos una uno para que qué cuántas cuántos cuáles "
    "está están mis nuestras detén detener apaga apagar borra borrar elimina eliminar inicia iniciar arranca muestra "
    "máquinas servidores instancias según cómo dónde arrête arrêter arrêtez supprime supprimer supprimez démarre "
    "démarrer démarrez stoppez redémarre redémarrer toutes tous les une dans sur avec est sont mes nos quelles quels "
    "combien pourquoi comment serveurs s'il vous plaît plait veuillez montre tutte tutti gli della delle nella ferma "
    "fermare avvia avviare cancella quante quali perché mostra macchine che è sono parar apague exclua excluir uma "
    "não quais quantas mostre são het een niet van zijn mijn onze verwijder verwijderen welke hoeveel toon waarom "
    "wszystkie zatrzymaj usuń uruchom pokaż nie jest są proszę które tüm bütün durdur başlat göster lütfen hangi kaç "
    "için alla stoppa bort snälla vilka hur många och inte är zet uitzetten aanzetten kaikki pysäytä poista näytä "
)
_ENGLISH = words(
    "the a an of to in for on with and or is are do does how what which who why when my our all every please stop start "
    "delete create show list can could you i we it that this from at not by be was were have has if should would "
    "instances instance servers server buckets bucket volumes volume named called restart remove turn off down up"
) | frozenset(phrase.split()[0] for phrase, _ in CHANGES)
# English words or common names elsewhere; beside one of the words above they count as foreign too.
_ALSO = words("del alle las os el lance pare ta visa di des den der dem con ve los i as dem")
_MOST_FOREIGN_LETTERS = 0.3
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_PROMPT_HEAD = 600


def is_english(text: str) -> bool:
    """False when a text is surely in another language; names in it do not count."""
    head = text[:_PROMPT_HEAD]
    letters = [letter for letter in head if letter.isalpha()]
    if letters and sum(map(_is_foreign, letters)) > _MOST_FOREIGN_LETTERS * len(letters):
        return False
    found = [word.lower() for word in _WORD.findall(_without_names(head))]
    foreign = sum(word in _FOREIGN for word in found)
    also = sum(word in _ALSO for word in found) if foreign else 0
    english = sum(word in _ENGLISH and word not in _ALSO for word in found)
    return foreign == 0 or foreign + also <= english


def _without_names(text: str) -> str:
    """A name is in no language: what is quoted, or has digits, dashes or dots in it."""
    return re.sub(r"[\"'`“][^\"'`”]{1,80}[\"'`”]|\S*[\w][-_./:@\d][\w]\S*", " ", text)


def _is_foreign(letter: str) -> bool:
    return ord(letter) > 0x24F and not unicodedata.name(letter, "").startswith("LATIN")

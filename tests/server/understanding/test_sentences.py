"""Labelled sentences, written by hand: each class is read right, and no question ever becomes an order."""

from __future__ import annotations

import pytest

from tests.server.understanding.labelled import faults, read, sentences

TABLES = ("sentences.tsv", "fresh_sentences.tsv", "second_sentences.tsv", "third_sentences.tsv")
LABELS = ("order", "question", "vague")
RIGHT = 0.97


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("table", TABLES)
def test_sentences_are_read_as_they_are_labelled(table: str, label: str) -> None:
    """Class, action, kind and the filters named in the table: right for at least 97 % of each label."""
    found = [(sentence.text, faults(sentence)) for sentence in sentences(table) if sentence.label == label]
    wrong = [(text, why) for text, why in found if why]
    assert len(found) >= 35
    assert 1 - len(wrong) / len(found) >= RIGHT, wrong


@pytest.mark.parametrize("table", TABLES)
def test_no_question_becomes_an_order(table: str) -> None:
    """Not one of those labelled a question, or too vague, has the class `operation` without being asked back."""
    for sentence in sentences(table):
        if sentence.label != "order":
            understood, asked, _ = read(sentence.text)
            assert understood.class_ != "operation" or (asked is not None and sentence.label == "vague"), sentence.text


def test_there_are_enough_sentences() -> None:
    """At least 300 to build on, and three tables that were written without a look at the rules."""
    assert len(sentences(TABLES[0])) >= 300
    assert sum(len(sentences(table)) for table in TABLES[1:]) >= 430

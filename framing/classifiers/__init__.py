"""Classifiers: scikit-learn estimators on the feature extractors, each in a module with its measure's name."""

from framing.classifiers.attitude import AttitudeClassifier
from framing.classifiers.frames import FrameClassifier
from framing.classifiers.relation import RelationClassifier
from framing.classifiers.sentiment import SentimentClassifier
from framing.classifiers.subject import SubjectClassifier

__all__ = ["AttitudeClassifier", "FrameClassifier", "RelationClassifier", "SentimentClassifier", "SubjectClassifier"]

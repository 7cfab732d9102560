"""What waits in live training keeps nobody else waiting, and what fails is told: parts of the server, without a socket."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass

import numpy as np
import pytest

from inkling.data import load
from inkling.data.parts import Parts
from inkling.nn import Flatten, Layer, Network, Parameters
from inkling.nn.parameters import Parameter
from inkling.service.live import journal, training, watcher
from inkling.service.live.inside import Inside
from inkling.service.live.journal import Journal
from inkling.service.live.orders import StartOrder
from inkling.service.live.settings import LiveSettings
from inkling.service.live.training import Live

PATIENCE = 60.0

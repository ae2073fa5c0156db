"""Collects scenes while a script is read from top to bottom."""

from foley_designer.core.script.screenplay import Element, ElementKind, ScriptScene
from foley_designer.screenplay.heading import scene_from


class SceneList:
    """Scenes in order; what stands before the first heading makes a scene without heading."""

    def __init__(self) -> None:
        self._scenes: list[ScriptScene] = []
        self._elements: list[Element] = []

    def open(self, heading: str, line: int) -> None:
        """Begin a scene with this heading."""
        self._close()
        self._scenes.append(scene_from(heading, line))

    def add(self, *elements: Element) -> None:
        """Put elements into the scene that is open; those without text say nothing."""
        self._elements += [element for element in elements if element.text]

    def scenes(self) -> tuple[ScriptScene, ...]:
        """All scenes, the last one closed."""
        self._close()
        return tuple(self._scenes)

    def _close(self) -> None:
        if not self._scenes:
            if all(element.kind is ElementKind.TRANSITION for element in self._elements):
                self._elements = []
                return
            self._scenes.append(ScriptScene(line=self._elements[0].line))
        last = self._scenes[-1]
        together = (*last.elements, *self._elements)
        self._scenes[-1] = last.model_copy(update={"elements": together})
        self._elements = []

"""Which file uses what of which other file, and the circles in that."""

from collections import defaultdict

from rust_modules import PATH, WORD


def edges(tree):
    """`{file: {file: {names}}}` for every use of a name across files.

    A parent that only re-exports a name of a module below it does not use it. Its edge counts where that module's
    file uses an item of the parent, because then neither can be read without the other.
    """
    used = defaultdict(lambda: defaultdict(set))
    re_exported = defaultdict(lambda: defaultdict(set))

    def note(module, absolute, name, kind=used):
        owner = tree.resolve(absolute) if absolute else None
        if owner and owner.file != module.file:
            kind[module.file][owner.file].add(name)
        return owner

    for module in tree.modules.values():
        words = set(WORD.findall(module.code))
        imported = {i.name: i.target for i in module.imports}
        for i in module.imports:
            absolute = tree.absolute(module, i.target)
            owner = tree.resolve(absolute) if absolute else None
            below = owner and owner.path[: len(module.path)] == module.path
            only_re_exported = i.is_public and below and i.name not in words
            note(module, absolute, i.target[-1], re_exported if only_re_exported else used)
        for glob in module.globs:
            base = tree.absolute(module, glob)
            for word in words if base is not None else ():
                note(module, base + (word,), word)
        for found in PATH.finditer(module.code):
            target = tuple(WORD.findall(found.group(1)))
            if target[0] in imported and target[0] not in module.children:
                target = imported[target[0]] + target[1:]
            note(module, tree.absolute(module, target), target[-1])
    for parent, children in re_exported.items():
        for child, names in children.items():
            if parent in used.get(child, {}):
                used[parent][child] |= names
    return {file: dict(targets) for file, targets in used.items()}


def circles(graph):
    """Strongly connected components of two files or more, each sorted (Tarjan's algorithm)."""
    index, low, stack, on_stack, found = {}, {}, [], set(), []

    def visit(node):
        index[node] = low[node] = len(index)
        stack.append(node)
        on_stack.add(node)
        for target in graph.get(node, ()):
            if target not in index:
                visit(target)
                low[node] = min(low[node], low[target])
            elif target in on_stack:
                low[node] = min(low[node], index[target])
        if low[node] == index[node]:
            component = []
            while not component or component[-1] != node:
                component.append(stack.pop())
                on_stack.discard(component[-1])
            if len(component) > 1:
                found.append(sorted(component))

    for node in sorted(graph):
        if node not in index:
            visit(node)
    return sorted(found)

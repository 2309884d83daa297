"""The stacks: five region groups and the federation over them, each a thin program over the components."""

"""From addresses to items: urls → fetch → parse → clean → (extract) → run, which fills the store."""

import { create } from 'zustand';

const useAnnouncement = create<{ text: string }>(() => ({ text: '' }));

/** Says a sentence to screen readers when they are idle; the screen shows the same by other means. */
export const announce = (text: string): void => useAnnouncement.setState({ text });

export const LiveRegion = () => (
  <output className="visually-hidden" aria-live="polite">
    {useAnnouncement((state) => state.text)}
  </output>
);

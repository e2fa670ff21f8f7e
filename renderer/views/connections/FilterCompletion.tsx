import type { Completion } from '../../../shared/domain/filter-completion.ts';

/** The id of the list, for the field that it belongs to; of an option, with its index behind. */
export const completionId = 'filter-completion';

interface FilterCompletionProps {
  readonly offers: readonly Completion[];
  readonly chosen: number;
  readonly onTake: (offer: Completion) => void;
}

/** What may be typed next. The field keeps the focus, so that typing goes on. */
export const FilterCompletion = ({ offers, chosen, onTake }: FilterCompletionProps) => (
  <div className="popup filter-completion" role="listbox" id={completionId} aria-label="What may follow">
    {offers.map((offer, index) => (
      <div
        key={offer.insert}
        id={`${completionId}-${index}`}
        role="option"
        tabIndex={-1}
        aria-selected={index === chosen}
        onMouseDown={(event) => {
          event.preventDefault();
          onTake(offer);
        }}
      >
        <code>{offer.insert}</code>
        <span className="quiet">{offer.help}</span>
      </div>
    ))}
  </div>
);

/** Text that is broken at blanks only: a hyphen in a name or an option is no place to end a line. */
export const Whole = ({ children }: { children: string }) =>
  children.split(/(\S*-\S*)/).map((part, i) =>
    i % 2 === 0 ? (
      part
    ) : (
      <span key={i} className="whole-word">
        {part}
      </span>
    ),
  )

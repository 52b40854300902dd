/** How full something is: asked for as a bar, used as a thin line in it, as on the machines' cards. */
export function Meter({ asked, room, used }: { asked: number; room: number; used: number | undefined }) {
  const part = (n: number): string => `${room > 0 ? Math.min(100, (n / room) * 100) : 0}%`
  return (
    <span className="meter" data-full={asked >= room * 0.9 || undefined} aria-hidden="true">
      <em style={{ width: part(asked) }} />
      {used !== undefined && <u style={{ width: part(used) }} />}
    </span>
  )
}

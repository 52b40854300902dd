/** The lessons' dock: hosts the lesson panel once lessons are there. */

export default function Lessons() {
  return (
    <>
      <header>
        <b>Lessons</b>
      </header>
      <div className="body">
        <p className="loading">No lessons are installed.</p>
      </div>
    </>
  )
}

/** Notes about one kind of thing in one run, at most: anyone who may publish could cause any number. */
const MOST_NOTES = 100;

/** Hands on the first notes, and with the last of them that no more are shown. @param about such as `nodes` */
export function limitNotes(note: (text: string) => void, about: string): (text: string) => void {
  let count = 0;
  return (text) => {
    count += 1;
    if (count <= MOST_NOTES) note(text);
    if (count === MOST_NOTES) note(`${MOST_NOTES} notes about ${about}: further ones are not shown`);
  };
}

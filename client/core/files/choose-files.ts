/** Opens the browser's window for choosing files: from a click. The field is in `place`: some browsers forget one that is nowhere. */
export function chooseFiles(place: ParentNode, onChosen: (files: File[]) => void): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.multiple = true;
  input.hidden = true;
  const done = (): void => input.remove();
  input.addEventListener('change', () => {
    onChosen([...(input.files ?? [])]);
    done();
  });
  input.addEventListener('cancel', done);
  place.append(input);
  input.click();
}

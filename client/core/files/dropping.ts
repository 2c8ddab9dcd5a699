/** An attachment: files may be dropped here. `data-dropping` is on the element while some are held above it. */
export function dropping(onFiles: (files: File[]) => void): (element: HTMLElement) => () => void {
  return (element) => {
    const over = (event: DragEvent): void => {
      if (!bringsFiles(event)) return;
      event.preventDefault();
      event.stopPropagation();
      element.toggleAttribute('data-dropping', true);
    };
    const leave = (event: DragEvent): void => {
      if (!element.contains(event.relatedTarget as Node | null)) element.removeAttribute('data-dropping');
    };
    const drop = (event: DragEvent): void => {
      element.removeAttribute('data-dropping');
      if (!bringsFiles(event)) return;
      event.preventDefault();
      onFiles([...(event.dataTransfer?.files ?? [])]);
    };
    element.addEventListener('dragover', over);
    element.addEventListener('dragleave', leave);
    element.addEventListener('drop', drop);
    return () => {
      element.removeEventListener('dragover', over);
      element.removeEventListener('dragleave', leave);
      element.removeEventListener('drop', drop);
    };
  };
}

/** Whether what is dragged are files. */
function bringsFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') ?? false;
}

import { w } from '../words.ts';

/** What the sheet of the keyboard says: keys by what stands on them, and what they do. */
export function sheetRows(): [keys: string[], meaning: string][] {
  return [
    [['J', '↓'], w.keys_next()],
    [['K', '↑'], w.keys_previous()],
    [['Enter'], w.keys_open()],
    [['/', 'Ctrl K'], w.keys_search()],
    [['T'], w.keys_take()],
    [['G'], w.keys_hand_over()],
    [['R'], w.keys_reply()],
    [['N'], w.keys_note()],
    [['/'], w.keys_saved()],
    [['Enter'], w.keys_send()],
    [['Shift Enter'], w.keys_newline()],
    [['C'], w.keys_call()],
    [['B'], w.keys_cobrowse()],
    [['M'], w.keys_microphone()],
    [['V'], w.keys_camera()],
    [['P'], w.keys_people()],
    [['S', 'L', 'D', 'A'], w.keys_pointing()],
    [['X'], w.keys_wipe()],
    [['H'], w.keys_hands()],
    [['E'], w.keys_ticket()],
    [['+', '-', '0', '1'], w.keys_screen()],
    [['␣', '←', '→'], w.keys_player()],
    [['O'], w.keys_presence()],
    [['Esc'], w.keys_escape()],
    [['?'], w.keys_help()],
  ];
}

import { useEffect, useState } from 'preact/hooks';
import type { StatusConnection, StatusView } from './connection.ts';

export function useStatus(connection: StatusConnection): StatusView {
  const [view, setView] = useState(connection.view);
  useEffect(() => {
    const follow = () => setView(connection.view);
    follow(); // What was published between the first drawing and this effect.
    return connection.listen(follow);
  }, [connection]);
  return view;
}

import type { View } from '../status/place.ts';
import type { StatusView } from '../status/connection.ts';
import { statusWindows, tierIds, type StatusWindow, type Tier } from '../status/types.ts';
import { tierName } from '../scorecard/kpis.ts';
import { count } from '../words/format.ts';
import { ageText, clockText, fullText, utcOffset } from '../words/time.ts';
import { ThemeToggle } from './ThemeToggle.tsx';
import { Views } from './Views.tsx';

interface HeaderProps {
  readonly view: StatusView;
  readonly shown: View;
  readonly now: number;
  readonly choose: (window: StatusWindow) => void;
}

export function Header({ view, shown, now, choose }: HeaderProps) {
  const { snapshot, link } = view;
  return (
    <header class="top">
      <h1 title={snapshot ? `build ${snapshot.build}` : undefined}>Kpi</h1>
      <Views view={shown} window={view.window} />
      {snapshot && <TierLine tier={snapshot.tier} />}
      {shown === 'status' && <Windows window={view.window} choose={choose} />}
      <p class="freshness">
        <span class={`link ${link.kind}`} data-testid="connection" data-state={link.kind} role="status">
          {link.kind === 'live' ? 'live' : link.kind === 'connecting' ? 'connecting …' : 'no connection'}
        </span>
        {snapshot && (
          <span title={fullText(snapshot.at)}>updated {ageText(now - view.receivedAt)} ago</span>
        )}
        {snapshot?.watermark && (
          <span class="spare" title={`Figures are complete up to ${fullText(snapshot.watermark)}`}>
            complete to {clockText(snapshot.watermark)}
          </span>
        )}
        <span class="spare" title="The time zone in which this page shows times">
          {utcOffset(new Date().getTimezoneOffset())}
        </span>
      </p>
      <ThemeToggle />
    </header>
  );
}

function Windows({ window: current, choose }: { window: StatusWindow; choose: (window: StatusWindow) => void }) {
  return (
    <fieldset class="windows">
      <legend>window</legend>
      {statusWindows.map((window) => (
        <button key={window} type="button" aria-pressed={window === current} onClick={() => choose(window)}>
          {window}
        </button>
      ))}
    </fieldset>
  );
}

function TierLine({ tier }: { tier: Tier }) {
  return (
    <p class="tier-line">
      <span class="quiet">tier</span>
      {tierIds.map((id) => (
        <span key={id} class={id === tier.current ? 'current' : 'quiet'} aria-current={id === tier.current ? 'true' : undefined}>
          {tierName[id]}
        </span>
      ))}
      <span class="quiet">
        {tier.next !== null && `next: ${tierName[tier.next as keyof typeof tierName] ?? tier.next}`}
        {tier.users !== null && ` · ${count(tier.users)} users`}
      </span>
    </p>
  );
}

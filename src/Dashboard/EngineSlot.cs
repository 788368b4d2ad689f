using Kpi.SloEngine;

namespace Kpi.Dashboard;

/// <summary>Where the engine goes once it is there: the page's port listens before the store is open.</summary>
public sealed class EngineSlot
{
    private volatile StatusEngine? engine;
    private volatile bool ready;

    /// <summary>The engine; null while starting.</summary>
    public StatusEngine? Engine
    {
        get => engine;
        set => engine = value;
    }

    /// <summary>True from when all ports listen until the stop begins.</summary>
    public bool IsReady
    {
        get => ready;
        set => ready = value;
    }
}

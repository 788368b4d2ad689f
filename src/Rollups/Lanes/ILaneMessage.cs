namespace Kpi.Rollups.Lanes;

/// <summary>Something that a lane does to its cells, in the order of the queue: apply a batch, drain, visit, discard.</summary>
internal interface ILaneMessage
{
    void RunOn(LaneCells cells);
}

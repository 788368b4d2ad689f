namespace Kpi.Rollups.Lanes;

/// <summary>Work for a lane's thread whose result somebody awaits; a failure goes to them, not to the lane.</summary>
internal sealed class LaneCall<T>(Func<LaneCells, T> work) : ILaneMessage
{
    private readonly TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Result => done.Task;

    public void RunOn(LaneCells cells)
    {
        try
        {
            done.TrySetResult(work(cells));
        }
        catch (Exception failure)
        {
            done.TrySetException(failure);
        }
    }
}

namespace Kpi.SamplePlatform.Load;

/// <summary>What a user does.</summary>
internal enum RequestKind
{
    BrowseProduct,
    ListProducts,
    GetCart,
    PutCartItem,
    PlaceOrder,
    GetOrder,
    ListOrders,
    GetAccount,
    ChangePlan,
    SignUp,
    Cancel,
}
